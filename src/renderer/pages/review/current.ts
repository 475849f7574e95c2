import { client } from '../../app/client.ts';
import { forgetWithProject } from '../../app/state/project.svelte.ts';
import { ReviewSession } from './session.svelte.ts';

/** The one review session of this window. */
export const reviewSession = new ReviewSession({
  confusion: (batchId) => client.review.confusion({ batchId }),
  page: (query, offset, limit) => client.digits.page({ query, offset, limit }),
  detail: (ref) => client.digits.detail({ ref }),
  setLabel: (ref, label) => client.review.setLabel({ refs: [ref], label }),
});

forgetWithProject(() => reviewSession.close());
