/** Links out of a folder that is classified. */
export const links = {
  follow: 'Follow links',
  meaning: 'Reads what links lead to as well, wherever that lies.',
  tag: 'links followed',
};
