/** Where a process or thread begins: beside the file that starts it, whose `import.meta.url` this is, `.ts` in the source tree, `.mjs` when bundled. */
export const entryBeside = (url: string, name: string): URL =>
  new URL(`./${name}${url.endsWith('.ts') ? '.ts' : '.mjs'}`, url);
