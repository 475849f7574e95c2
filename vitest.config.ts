import { svelte } from '@sveltejs/vite-plugin-svelte';
import os from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Beside the checkout nothing is written: tests may run as a user who may only read it. */
const cacheDir = path.join(os.tmpdir(), `lenet-studio-vite-${os.userInfo().uid}`);
const project = { extends: true as const };
const inWindow = {
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  cacheDir,
  plugins: [svelte()],
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        ...project,
        test: {
          name: 'unit',
          include: ['{src,build}/**/*.test.ts'],
          exclude: ['src/**/*.long.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { ...project, test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...inWindow } },
      { ...project, test: { name: 'security', include: ['test/security/**/*.test.ts'], ...inWindow } },
      {
        ...project,
        test: {
          name: 'long',
          include: ['src/**/*.long.test.ts', 'test/long/**/*.test.ts'],
          ...inWindow,
          testTimeout: 1_800_000,
        },
      },
    ],
  },
});
