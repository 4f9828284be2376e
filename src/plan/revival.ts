/** The fault by which a service kills itself. */
export const ENDS_ITSELF = 'end-before-ack';

/** How long after its own end, in ms, such a service is started again. */
export const REVIVED_AFTER_MS = 500;
