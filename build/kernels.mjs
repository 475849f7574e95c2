import fs from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './setup/paths.mjs';

/** Compiles the engine's loops over pixels and writes them down where the engine finds them. `--check` only says whether that is current. */
const SOURCE = path.join('src', 'engine', 'images', 'assembly', 'index.ts');
const FILE = path.join(root, 'src', 'engine', 'images', 'compiled.ts');
/** 112: vectors are passed between functions of one module only, which every engine can. */
const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--disableWarning', '112'];

const { error, stderr, binary } = await compile();
if (error) throw new Error(String(stderr), { cause: error });
const text = `/** The kernels of assembly/ as WebAssembly, base64: written by \`npm run kernels\`. */
export const COMPILED =
  '${Buffer.from(binary).toString('base64')}';
`;
if (!process.argv.includes('--check')) fs.writeFileSync(FILE, text);
else if (fs.readFileSync(FILE, 'utf8') !== text) {
  console.error(`${path.relative(root, FILE)} is not what assembly/ compiles to; run "npm run kernels".`);
  process.exitCode = 1;
}

async function compile() {
  let binary;
  const result = await asc.main([SOURCE, '--baseDir', root, '-o', 'kernels.wasm', ...OPTIONS], {
    writeFile: (_, content) => void (binary = content),
  });
  return { ...result, binary };
}
