import { expect, it } from 'vitest';
import { ProtobufWriter } from './protobuf.ts';

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex');

// The examples of the format's own description: https://protobuf.dev/programming-guides/encoding/
it('writes varints, strings and messages as the format describes them', () => {
  expect(hex(new ProtobufWriter().integer(1, 150))).toBe('089601');
  expect(hex(new ProtobufWriter().string(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(new ProtobufWriter().message(3, new ProtobufWriter().integer(1, 150)))).toBe('1a03089601');
  expect(hex(new ProtobufWriter().integer(1, -2))).toBe('08feffffffffffffffff01');
  expect(hex(new ProtobufWriter().integer(1, 0))).toBe('0800');
});

it('writes field numbers above 15, large integers, floats and lists', () => {
  expect(hex(new ProtobufWriter().integer(16, 1))).toBe('800101');
  expect(hex(new ProtobufWriter().integer(1, 2n ** 53n))).toBe('088080808080808010');
  expect(hex(new ProtobufWriter().float(2, 1.5))).toBe('150000c03f');
  expect(hex(new ProtobufWriter().integers(4, [3, 270]))).toBe('2003208e02');
  expect(hex(new ProtobufWriter().string(1, '数'))).toBe('0a03e695b0');
});
