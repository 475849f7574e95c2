import { formatsFor, messagesFor, type Language } from '../messages/index.ts';
import type { DrawingWords } from './drawing.ts';
import type { Layer } from './layers.ts';
import { activationOf } from './summary.ts';

/** What a layer does, in few words. */
function layerKind(language: Language, layer: Layer): string {
  const t = messagesFor(language).models.layers;
  switch (layer.kind) {
    case 'convolution':
      return t.convolution[layer.type](layer.kernel);
    case 'pooling':
      return t.pooling[layer.pooling](layer.window);
    case 'subsampling':
      return t.subsampling(layer.window);
    case 'global-average':
      return t.globalAverage;
    case 'batch-normalisation':
      return t.batchNormalisation;
    case 'dropout':
      return t.dropout(formatsFor(language).percent(layer.rate, 0));
    case 'dense':
      return t.dense;
    case 'rbf':
      return t.rbf[layer.centres];
  }
}

/** The function after its sums; none where it is linear. */
function activationWords(language: Language, layer: Layer): string[] {
  const activation = activationOf(layer);
  return activation === 'linear' ? [] : [messagesFor(language).models.activations[activation]];
}

/** What a layer does, with the function after its sums. */
export const layerWords = (language: Language, layer: Layer): string =>
  formatsFor(language).list([layerKind(language, layer), ...activationWords(language, layer)]);

export function drawingWords(language: Language): DrawingWords {
  const t = messagesFor(language).models.drawing;
  const format = formatsFor(language);
  return {
    input: t.input,
    shape: ([height, width, maps]) =>
      height === 1 && width === 1 ? t.units(format.count(maps)) : `${format.count(maps)}@${height}×${width}`,
    kind: (layer) => [layerKind(language, layer), ...activationWords(language, layer)],
    parameters: (count) => t.parameters(count, format.count(count)),
    multiplyAdds: (count) => t.multiplyAdds(count, format.count(count)),
    total: ({ parameters, multiplyAdds, connections }) =>
      t.total(format.count(parameters), format.count(multiplyAdds), format.count(connections)),
    list: (parts) => format.list(parts),
  };
}
