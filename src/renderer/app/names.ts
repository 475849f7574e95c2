/** A file name that every file system takes. */
export function fileName(wanted: string, extension: string): string {
  const safe = Array.from(wanted, (sign) => (sign < ' ' || '\\/:*?"<>|'.includes(sign) ? '-' : sign)).join(
    '',
  );
  return `${safe.replace(/^[.\s]+|[.\s]+$/g, '') || 'results'}.${extension}`;
}
