/** The used part of opossum 10, which brings no types. */
declare module 'opossum' {
  import type { EventEmitter } from 'node:events';

  interface Options {
    /** ms; false: none. */
    readonly timeout: number | false;
    readonly resetTimeout: number;
    readonly errorThresholdPercentage: number;
    readonly volumeThreshold: number;
    readonly rollingCountTimeout: number;
    readonly rollingCountBuckets: number;
    readonly capacity?: number;
    readonly allowWarmUp: boolean;
    /** True: no failure of the service. */
    readonly errorFilter: (error: unknown) => boolean;
  }

  class CircuitBreaker<Arguments extends unknown[], Result> extends EventEmitter<{
    open: [];
    halfOpen: [];
    close: [];
  }> {
    constructor(action: (...given: Arguments) => Promise<Result>, options: Options);
    readonly halfOpen: boolean;
    /** Rejects with what the action rejected with, or with an error of its own that has a `code`. */
    fire(...given: Arguments): Promise<Result>;
  }

  export = CircuitBreaker;
}
