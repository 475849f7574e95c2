import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** A folder is a room: which rooms of src/ it may import, and which packages it may not. */
const rooms = {
  shared: { may: [], packages: ['electron', 'svelte', 'node:*', 'better-sqlite3', 'sharp'] },
  engine: { may: ['shared'], packages: ['electron', 'svelte'] },
  main: { may: ['shared'], packages: ['better-sqlite3', 'sharp', '@tensorflow/*', '@orpc/*'] },
  preload: { may: ['shared'], packages: ['better-sqlite3', 'sharp', '@tensorflow/*', '@orpc/*'] },
  renderer: {
    may: ['shared'],
    packages: ['electron', 'node:*', 'better-sqlite3', 'sharp', '@tensorflow/*', '@orpc/server'],
  },
  cli: { may: ['shared', 'engine', 'serve'], packages: ['electron', 'svelte'] },
  serve: { may: ['shared', 'engine'], packages: ['electron', 'svelte'] },
};

const roomRules = Object.entries(rooms).map(([room, { may, packages }]) => {
  const others = Object.keys(rooms).filter((other) => other !== room && !may.includes(other));
  return {
    files: [`src/${room}/**/*.{ts,svelte}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: packages, message: `src/${room} does not use this package.` },
            ...others.map((other) => ({
              regex: `^(\\.\\./)+${other}/`,
              message: `src/${room} may not import src/${other}.`,
            })),
          ],
        },
      ],
    },
  };
});

export default ts.config(
  { ignores: ['out/', 'dist/', 'node_modules/', 'test-results/', 'src/engine/images/assembly/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  { files: ['build/**', 'bin/**', 'src/cli/**', 'test/**', 'docs/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  ...roomRules,
);
