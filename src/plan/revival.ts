/** The fault by which a service kills itself. */
export const ENDS_ITSELF = 'end-before-ack';

/** Delay in ms before such a service is started again. */
export const REVIVED_AFTER_MS = 500;
