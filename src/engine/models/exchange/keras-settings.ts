import { z } from 'zod';
import type { StudioError } from '../../../shared/errors.ts';

export type Config = Record<string, unknown>;

export const kerasLayer = z.object({
  class_name: z.string(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: z.unknown().optional(),
});
export type KerasLayer = z.infer<typeof kerasLayer>;

export const nameOf = ({ class_name, config }: KerasLayer): string => {
  const { name } = config;
  return typeof name === 'string' && name ? name : class_name;
};

export type Refuse = (setting: string, value: unknown) => StudioError;

/** The settings of a layer, each refused by its name. */
export class Settings {
  readonly config: Config;
  readonly refuse: Refuse;

  constructor(config: Config, refuse: Refuse) {
    this.config = config;
    this.refuse = refuse;
  }

  number(setting: string, missing?: number): number {
    const value = this.config[setting] ?? missing;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw this.refuse(setting, this.config[setting]);
    return value;
  }

  /** One number, or a pair of the same. */
  square(setting: string, missing?: number): number {
    const value = this.config[setting] ?? missing;
    const [first, second] = (Array.isArray(value) ? value : [value, value]) as unknown[];
    if (typeof first !== 'number' || first !== second) throw this.refuse(setting, value);
    return first;
  }

  /** The same on all four sides. */
  margin(setting: string): number {
    const sides = [this.config[setting]].flat(2);
    if (typeof sides[0] !== 'number' || sides.some((side) => side !== sides[0]))
      throw this.refuse(setting, this.config[setting]);
    return sides[0];
  }

  /** Throws for a setting that has another value than these. */
  only(setting: string, ...allowed: unknown[]): void {
    const value = this.config[setting];
    if (value === undefined || value === null) return;
    if (!allowed.some((one) => JSON.stringify(one) === JSON.stringify(value)))
      throw this.refuse(setting, value);
  }
}
