import type { Component, ComponentSource, StartedComponent } from './component.ts';
import type { BrokerIdentity } from './transport.ts';

/** A kind of broker and how to obtain it: `components/broker/<name>/broker.ts`. */
export interface BrokerDefinition extends BrokerIdentity, Component<StartedBroker> {
  readonly name: string;
  /** URL schemes that `--broker name=URL` may have. */
  readonly schemes: readonly string[];
  /** Its part of docker-compose.yml: a service of that file, by the broker's name. */
  readonly compose: ComposeService;
}

/** A service as a compose file has it; ports bound to loopback. */
export interface ComposeService {
  readonly image: string;
  readonly ports: readonly string[];
  readonly [setting: string]: unknown;
}

export interface StartedBroker extends StartedComponent {
  readonly url: string;
  readonly version: string;
  readonly source: ComponentSource;
  /** Pushes messages through until the broker is warm; returns the work done in words. */
  warm(signal: AbortSignal): Promise<string>;
}
