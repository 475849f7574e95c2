import path from 'node:path';
import { defineConfig } from 'vite';

const here = (file: string) => path.join(import.meta.dirname, file);

/**
 * Engine, command line and serve for Node 24, flat in out/engine so that a process finds its children beside it. Packages with
 * native code stay outside; the rest is bundled, which halves the time to start.
 */
export default defineConfig({
  publicDir: false,
  ssr: {
    noExternal: true,
    external: [
      '@tensorflow/tfjs-node',
      'better-sqlite3',
      'sharp',
      '@napi-rs/image',
      '@cornerstonejs/codec-libjpeg-turbo-8bit',
      '@duckdb/node-api',
    ],
  },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'out/engine',
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rollupOptions: {
      input: {
        main: here('src/engine/main.ts'),
        process: here('src/engine/compute/process.ts'),
        reader: here('src/engine/images/reader.ts'),
        checkpointer: here('src/engine/project/checkpointer.ts'),
        lstat: here('src/engine/files/lstat.ts'),
        placer: here('src/engine/embedding/placer.ts'),
        cli: here('src/cli/index.ts'),
        serve: here('src/serve/index.ts'),
      },
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunk-[name]-[hash].mjs' },
    },
  },
});
