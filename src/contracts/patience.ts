/**
 * What a caller does with a message while the other end is away: refuse it at once; hold it until there is a connection,
 * at most until its deadline; or keep it beyond the deadline, and send it whenever there is a connection.
 */
export const PATIENCES = ['refuse', 'wait', 'keep'] as const;
export type Patience = (typeof PATIENCES)[number];
