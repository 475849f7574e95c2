/** What `serve` says in a browser before the pages are open, and on the console. */
export const serve = {
  usage: 'usage: studio serve [--port N] [--root FOLDER ...]',
  link: (url: string) => `Open ${url} in a browser on this machine. The link works once.`,
  stop: 'Press Ctrl+C to stop.',
  badPort: (text: string) => `--port wants a number from 0 to 65535, not “${text}”.`,
  badRoot: (folder: string) => `--root ${folder}: this folder cannot be read.`,
  portTaken: (port: number) => `Port ${port} is in use. Choose another with --port.`,
  notBuilt: (folder: string) => `The pages are not built: ${folder} is missing. Run npm start once.`,
  linkUsed: 'This link has been used. Start LeNet Studio again for a new one.',
  noSession: 'Open the link that LeNet Studio printed when it started.',
};
