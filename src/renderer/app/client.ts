import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/index.ts';
import { connection } from './connection.svelte.ts';

/** The engine, typed by the contract; the same object before and after a restart of the engine. */
export const client: ContractRouterClient<Contract> = createORPCClient(connection);
