import { expect, it } from 'vitest';

/** What the packaged program must not be able to do, whoever starts it and however. */
it('sets the fuses of the packaged program', async () => {
  const { default: config } = (await import('../../electron-builder.config.ts')) as {
    default: { electronFuses?: object };
  };
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});
