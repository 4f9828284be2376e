import { CommbenchError } from '../../kernel/errors.ts';
import { pageBeside } from '../options/result-files.ts';
import type { Context } from './context.ts';
import { openPrinter, type Printer } from './printer.ts';

/**
 * Writes a report as a page beside its result, and names it. A page that cannot be written costs nothing but itself: the
 * result is there, and makes it again.
 */
export async function openPagePrinter(
  context: Context,
  resultFile: string,
  isSilent: boolean,
): Promise<Printer> {
  const file = pageBeside(resultFile);
  const emit = (text: string) => void (isSilent || context.stderr.write(`${text}\n`));
  const noPage = (error: unknown) => {
    if (!(error instanceof CommbenchError)) throw error;
    emit(`No page: ${error.message}`);
  };
  let write: Printer;
  try {
    write = await openPrinter(context, { format: 'html' }, file);
  } catch (error) {
    return () => noPage(error);
  }
  return (report, carried) => {
    try {
      write(report, carried);
      emit(`Page: ${file} (open it in a browser)`);
    } catch (error) {
      noPage(error);
    }
  };
}
