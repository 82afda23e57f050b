import { describe } from 'vitest';
import type { Broker } from '../../../src/ports/broker.ts';
import { Bench } from './bench.ts';
import { describeGroups } from './groups.conformance.ts';
import { describePartitions } from './partitions.conformance.ts';
import { describePositions } from './positions.conformance.ts';
import { describeRecords } from './records.conformance.ts';
import { describeTopics } from './topics.conformance.ts';

/** What every broker has to do: `open` gives access to the same broker each time. */
export function describeBroker(name: string, open: () => Broker): void {
  describe(`${name}:`, () => {
    const bench = new Bench(open);
    describeTopics(bench);
    describeRecords(bench);
    describePartitions(bench);
    describePositions(bench);
    describeGroups(bench);
  });
}
