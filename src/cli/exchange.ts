import path from 'node:path';
import type { ExportFormat } from '../shared/contract/model-card.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { exportModel } from '../engine/models/exchange/export.ts';
import { ASSUMED_SCALE, importModel } from '../engine/models/exchange/import.ts';
import { checkModelTarget, readModel, writeModel } from '../engine/models/store.ts';
import { places } from '../serve/places.ts';
import type { ExportWish, ImportWish } from './exchange-options.ts';
import { formats, type Outcome } from './session.ts';

const words = cli.exchange;

const formatOf = ({ format, out }: ExportWish): ExportFormat => {
  if (format !== 'card') return format;
  return path.extname(out).toLowerCase() === '.json' ? 'card-json' : 'card-markdown';
};

/** `studio models export`. Throws what `readModel` and `exportModel` throw. */
export async function exportCommand(folder: string, wish: ExportWish): Promise<Outcome> {
  const format = formatOf(wish);
  const model = await readModel(folder);
  const { version: studioVersion } = places();
  await exportModel(model, { format, target: wish.out, replace: wish.force ?? false, studioVersion });
  return {
    text: [words.exported(wish.out, words.formats[format])],
    json: { model: folder, format, out: wish.out },
  };
}

/** `studio models import`. Throws `file-exists` for a folder that is not free, and what `importModel` throws. */
export async function importCommand(place: string, wish: ImportWish): Promise<Outcome> {
  const { out, mean, std } = wish;
  await checkModelTarget(out, wish.force ?? false);
  const scale =
    mean === undefined && std === undefined
      ? undefined
      : { mean: mean ?? ASSUMED_SCALE.mean, standardDeviation: std ?? ASSUMED_SCALE.standardDeviation };
  const name = path.basename(path.resolve(out));
  const model = await importModel(place, { name, scale, studioVersion: places().version });
  await writeModel(out, model);
  const { input, layers } = model.architecture;
  const origin = model.card.origin;
  return {
    text: [
      words.imported(out, layers.length, formats.count(model.card.parameters)),
      `${words.scale(input.mean, input.standardDeviation)}${words.scales[origin.scale]}`,
    ],
    json: {
      model: out,
      parameters: model.card.parameters,
      layers: layers.map(({ name, kind }) => ({ name, kind })),
      input,
      origin,
    },
  };
}
