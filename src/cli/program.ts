import { Command, Option } from 'commander';
import { z } from 'zod';
import { batchFormats } from '../shared/contract/batches.ts';
import { measuredSplits } from '../shared/contract/confidence.ts';
import { defaultFolds, foldCount } from '../shared/contract/label-errors.ts';
import { valueScale } from '../shared/contract/model-card.ts';
import type { TrainingParameters } from '../shared/domain.ts';
import { cli as words } from '../shared/messages/en/cli.ts';
import { places } from '../serve/places.ts';
import { classifyWish, type ClassifyOptions } from './classify-options.ts';
import type { EvaluateWish } from './evaluate.ts';
import {
  normalisationOptions,
  saidNormalisation,
  type NormalisationOptions,
} from './normalisation-options.ts';
import { parameterOptions, parametersOf, parseNumber, rejectOptions, saidParameters } from './parameters.ts';
import { exportNames, type ExportWish, type ImportWish } from './exchange-options.ts';
import { filingOptions, manifestCommands } from './filing-options.ts';
import type { MeasureWish } from './measure.ts';
import type { Outcome, Session } from './session.ts';

/** The program's arguments; each command answers its exit code to `finish`. The commands themselves load when they run. */
export function studioProgram(finish: (code: number) => void): Command {
  const program = new Command('studio')
    .description(words.about)
    .version(places().version, '--version', words.version)
    .addHelpText('after', `\n${words.exitCodes}`)
    .showHelpAfterError(words.helpHint)
    .exitOverride();
  const perform = async (
    json: boolean | undefined,
    command: (session: Session) => Promise<Outcome>,
  ): Promise<void> => {
    const { runCommand } = await import('./session.ts');
    finish(await runCommand(json, command));
  };

  const train = program
    .command('train')
    .description(words.train.about)
    .requiredOption('--data <mnist|FOLDER>', words.train.data)
    .requiredOption('--out <DIR>', words.train.out);
  for (const option of [...parameterOptions(), ...normalisationOptions()]) train.addOption(option);
  train
    .option('--limit <number>', words.train.limit, (text) => parseNumber(text, z.int().min(1)))
    .option('--force', words.train.force)
    .option('--json', words.json)
    .action(async (options: TrainOptions) =>
      perform(options.json, async (session) => {
        const { train } = await import('./train.ts');
        const normalisation = saidNormalisation(options);
        return train({ ...options, parameters: parametersOf(options), normalisation }, session);
      }),
    );

  const evaluate = program
    .command('evaluate')
    .description(words.evaluate.about)
    .requiredOption('--model <DIR>', words.evaluate.model)
    .requiredOption('--data <mnist|FOLDER>', words.evaluate.data);
  for (const option of rejectOptions()) evaluate.addOption(option);
  evaluate.option('--json', words.json).action(async (options: EvaluateWish & { json?: boolean }) =>
    perform(options.json, async (session) => {
      const { evaluate } = await import('./evaluate.ts');
      return evaluate(options, session);
    }),
  );

  program
    .command('measure')
    .description(words.measure.about)
    .argument('<MODEL>', words.measure.model)
    .requiredOption('--data <mnist|FOLDER>', words.measure.data)
    .addOption(
      new Option('--split <name>', words.withDefault(words.measure.split, measuredSplits[0]))
        .choices(measuredSplits)
        .default(measuredSplits[0], ''),
    )
    .option('--json', words.json)
    .addHelpText('after', `\n${words.measure.note}`)
    .action(async (model: string, options: MeasureWish & { json?: boolean }) =>
      perform(options.json, async (session) => {
        const { measure } = await import('./measure.ts');
        return measure(model, options, session);
      }),
    );

  const duplicates = program
    .command('duplicates')
    .description(words.duplicates.about)
    .requiredOption('--data <mnist|FOLDER>', words.duplicates.data);
  for (const option of normalisationOptions()) duplicates.addOption(option);
  duplicates
    .option('--json', words.json)
    .action(async (options: NormalisationOptions & { data: string; json?: boolean }) =>
      perform(options.json, async (session) => {
        const { duplicates } = await import('./duplicates.ts');
        return duplicates({ data: options.data, normalisation: saidNormalisation(options) }, session);
      }),
    );

  const labelErrors = program
    .command('label-errors')
    .description(words.labelErrors.about)
    .requiredOption('--data <mnist|FOLDER>', words.labelErrors.data)
    .option('--out <suspects.csv>', words.labelErrors.out)
    .option('--model <DIR>', words.labelErrors.model)
    .addOption(
      new Option('--folds <number>', words.withDefault(words.labelErrors.folds, String(defaultFolds)))
        .argParser((text) => parseNumber(text, foldCount))
        .default(defaultFolds, ''),
    );
  for (const option of [...parameterOptions(), ...normalisationOptions()]) labelErrors.addOption(option);
  labelErrors
    .option('--json', words.json)
    .addHelpText('after', `\n${words.labelErrors.note}`)
    .action(async (options: LabelErrorsOptions) =>
      perform(options.json, async (session) => {
        const { labelErrors } = await import('./label-errors.ts');
        const [parameters, changes] = [parametersOf(options), saidParameters(options)];
        return labelErrors({ ...options, parameters, changes, normalisation: options }, session);
      }),
    );

  const classify = program
    .command('classify')
    .description(words.classify.about)
    .argument('<FOLDER>', words.classify.folder)
    .option('--model <DIR>', words.classify.model)
    .option('--out <results.csv>', words.classify.out)
    .addOption(new Option('--format <name>', words.classify.format).choices(batchFormats))
    .option('--project <DIR>', words.classify.project)
    .addOption(
      new Option('--resume', words.classify.resume).conflicts([
        'verify',
        'followLinks',
        'maxError',
        'maxRejected',
        'threshold',
      ]),
    )
    .option('--verify', words.classify.verify)
    .option('--follow-links', words.classify.followLinks)
    .addOption(new Option('--watch', words.classify.watch).conflicts(['resume', 'copyTo', 'moveTo']));
  for (const option of [...rejectOptions(), ...filingOptions()]) classify.addOption(option);
  classify
    .option('--json', words.json)
    .addHelpText('after', `\n${words.classify.note}`)
    .action(async (folder: string, options: ClassifyOptions, command: Command) => {
      const wish = classifyWish(folder, options, (missing) => command.error(words.missing(missing)));
      await perform(options.json, async (session) => {
        const { classify } = await import('./classify.ts');
        return classify(wish, session);
      });
    });

  manifestCommands(program, perform);

  const models = program
    .command('models')
    .description(words.models.about)
    .argument('[DIR...]', words.models.folders, ['.'])
    .option('--json', words.json)
    .action(async (folders: string[], options: { json?: boolean }) =>
      perform(options.json, async () => {
        const { models } = await import('./models.ts');
        return models(folders);
      }),
    );

  models
    .command('export')
    .description(words.exchange.exportAbout)
    .argument('<MODEL>', words.exchange.model)
    .addOption(
      new Option('--format <name>', words.exchange.format).choices(exportNames).makeOptionMandatory(),
    )
    .requiredOption('--out <PATH>', words.exchange.exportOut)
    .option('--force', words.exchange.force)
    .option('--json', words.json)
    .action(async (model: string, options: ExportWish, command: Command) =>
      perform(jsonOf(command), async () => {
        const { exportCommand } = await import('./exchange.ts');
        return exportCommand(model, options);
      }),
    );

  models
    .command('import')
    .description(words.exchange.importAbout)
    .argument('<PATH>', words.exchange.path)
    .requiredOption('--out <DIR>', words.exchange.importOut)
    .option('--mean <number>', words.exchange.mean, (text) => parseNumber(text, valueScale.shape.mean))
    .option('--std <number>', words.exchange.deviation, (text) =>
      parseNumber(text, valueScale.shape.standardDeviation),
    )
    .option('--force', words.exchange.force)
    .option('--json', words.json)
    .addHelpText('after', `\n${words.exchange.note}`)
    .action(async (place: string, options: ImportWish, command: Command) =>
      perform(jsonOf(command), async () => {
        const { importCommand } = await import('./exchange.ts');
        return importCommand(place, options);
      }),
    );

  program
    .command('doctor')
    .description(words.doctor.about)
    .option('--json', words.json)
    .action(async (options: { json?: boolean }) =>
      perform(options.json, async (session) => {
        const { doctor } = await import('./doctor.ts');
        return doctor(session);
      }),
    );

  program
    .command('serve')
    .description(words.serve.about)
    .option('--port <number>', words.serve.port)
    .option('--root <FOLDER>', words.serve.root, (folder: string, others: string[] = []) => [
      ...others,
      folder,
    ])
    .action(async (options: { port?: string; root?: string[] }) => {
      const { serveCommand } = await import('../serve/command.ts');
      finish(await serveCommand(options));
    });

  return program;
}

/** An option that the command above has too is kept there. */
const jsonOf = (command: Command): boolean | undefined => command.optsWithGlobals<{ json?: boolean }>().json;

type LabelErrorsOptions = Partial<TrainingParameters> &
  NormalisationOptions & {
    data: string;
    out?: string;
    model?: string;
    folds: number;
    json?: boolean;
  };

type TrainOptions = Partial<TrainingParameters> &
  NormalisationOptions & {
    data: string;
    out: string;
    limit?: number;
    force?: boolean;
    json?: boolean;
  };
