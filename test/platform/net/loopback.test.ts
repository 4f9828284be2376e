import { describe, expect, test } from 'vitest';
import { assertLoopback, isLoopbackAddress } from '../../../src/platform/net/loopback.ts';

describe('addresses', () => {
  test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
    expect(isLoopbackAddress(address)).toBe(true);
  });
  test.each(['0.0.0.0', '128.0.0.1', '192.0.2.2', '::', '::ffff:192.0.2.2', 'fe80::1', 'localhost'])(
    '%s is not a loopback address',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(false);
    },
  );
});

describe('URLs', () => {
  test.each([
    'http://127.0.0.1:1/x',
    'amqp://a:b@[::1]:5672',
    'http://localhost:80',
    'http://[::ffff:7f00:1]/',
  ])('%s may be loaded', async (url) => {
    await expect(assertLoopback(url, [])).resolves.toBeUndefined();
  });

  test.each([
    'http://192.0.2.7:80/',
    'http://0.0.0.0/',
    'http://127.0.0.1.invalid/',
    'amqp://a:b@[2001:db8::1]/',
  ])('%s is refused', async (url) => {
    await expect(assertLoopback(url, [])).rejects.toMatchObject({ code: 'remote-target', exitCode: 2 });
  });

  test('a host that the user named may be loaded, and no other', async () => {
    await expect(assertLoopback('http://192.0.2.7:80/', ['192.0.2.7'])).resolves.toBeUndefined();
    await expect(assertLoopback('http://Lab.Invalid/', ['lab.invalid'])).resolves.toBeUndefined();
    await expect(assertLoopback('http://192.0.2.8:80/', ['192.0.2.7'])).rejects.toMatchObject({
      code: 'remote-target',
    });
  });

  test('the refusal shows no password and says how to allow it', async () => {
    const refused = assertLoopback('amqp://ana:s3cret@192.0.2.7/', []);
    await expect(refused).rejects.not.toThrow(/s3cret/);
    await expect(refused).rejects.toMatchObject({
      hint: expect.stringContaining('--allow-remote 192.0.2.7'),
    });
  });

  test('what is no URL is bad input', async () => {
    await expect(assertLoopback('127.0.0.1', [])).rejects.toMatchObject({ code: 'bad-option' });
  });
});
