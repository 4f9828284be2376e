/** `20261102T100000`, for names of files. */
export function timeStamp(): string {
  return new Date().toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
}
