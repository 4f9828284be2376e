import type { UsersVersion } from '../version.ts';

const DEFAULT_LOCALE = 'en';

/** Compatible by every guide: an old caller neither sends the new field nor expects it. */
export const definition: UsersVersion = {
  name: 'added',
  change: 'a field `locale`, optional in requests, always in replies',
  read(request) {
    const { locale } = request;
    return locale === undefined || typeof locale === 'string' ? request : 'Expected locale to be text';
  },
  ownContent: ({ locale }) => ({ locale: locale as string | undefined }),
  write: (user) => ({ ...user, locale: DEFAULT_LOCALE }),
};
