/** Where a Kafka cluster is and how to get in. */
export interface KafkaOptions {
  /** Addresses to begin with, `host:port`; at least one. */
  readonly brokers: readonly string[];
  /** How the connections show in the logs of the brokers. */
  readonly clientId?: string;
  /** TLS, with the certificates Node trusts. */
  readonly ssl: boolean;
  readonly sasl?: SaslOptions;
  /** After so many milliseconds of silence a member of a group is taken for dead; 15,000 where absent. */
  readonly sessionTimeoutMs?: number;
  /** Takes warnings and errors of the client library, one line each. They repeat what errors tell. */
  readonly onNotice?: (message: string) => void;
}

export interface SaslOptions {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}
