import kafkajs from 'kafkajs';
import type { KafkaOptions } from '../options.ts';

const { CompressionCodecs } = kafkajs;
const TYPES = { snappy: 2, lz4: 3, zstd: 4 } as const;

/**
 * Gives kafkajs a codec that it lacks: that of the other client library, which has all of them. It is process-wide,
 * like kafkajs's table.
 */
export async function provideCodec(compression: KafkaOptions['compression']): Promise<void> {
  if (compression === 'none' || compression === 'gzip') return;
  const { compressionsAlgorithms } = await import('@platformatic/kafka');
  const { compressSync, decompressSync } = compressionsAlgorithms[compression];
  CompressionCodecs[TYPES[compression]] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => Buffer.from(compressSync(buffer)),
    decompress: async (buffer: Buffer) => Buffer.from(decompressSync(buffer)),
  });
}
