import { client } from '../../app/client.ts';
import { forgetWithProject } from '../../app/state/project.svelte.ts';
import { ReviewSession } from './session.svelte.ts';
import { Sheets } from './sheets/sheets.svelte.ts';

/** The sheets of this window. */
export const sheets = new Sheets({
  page: (query, offset, limit) => client.digits.page({ query, offset, limit }),
  decide: (changes) => client.review.decide({ changes, reason: 'review' }),
  decisions: (batchId) => client.review.decisions({ batchId }),
});

/** The one review session of this window. */
export const reviewSession = new ReviewSession({
  confusion: (batchId) => client.review.confusion({ batchId }),
  page: (query, offset, limit) => client.digits.page({ query, offset, limit }),
  detail: (ref) => client.digits.detail({ ref }),
  place: async (query, ref) => (await client.digits.placeIn({ query, ref })).index,
  decide: (ref, act) => client.review.decide({ changes: [{ refs: [ref], act }], reason: 'review' }),
  decisions: (batchId) => client.review.decisions({ batchId }),
});

forgetWithProject(() => {
  reviewSession.close();
  sheets.end();
});
