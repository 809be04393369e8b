/** The name of the function that a guarded loop calls each time round: it throws when the page has been kept waiting. */
export const TICK = "__tick__";
