/** A valid ONNX file that is no language model: `y = Identity(x)` over one float. */
const field = (number: number, bytes: readonly number[]) => [(number << 3) | 2, bytes.length, ...bytes];
const varint = (number: number, value: number) => [number << 3, value];
const utf8 = (text: string) => [...new TextEncoder().encode(text)];

const dimension = field(1, varint(1, 1));
const floatVector = field(2, field(1, [...varint(1, 1), ...field(2, dimension)]));
const value = (name: string) => [...field(1, utf8(name)), ...floatVector];
const node = [...field(1, utf8('x')), ...field(2, utf8('y')), ...field(4, utf8('Identity'))];
const graph = [
  ...field(1, node),
  ...field(2, utf8('identity')),
  ...field(11, value('x')),
  ...field(12, value('y')),
];

/** IR version 8, opset 17. */
export const IDENTITY_ONNX = Buffer.from([...varint(1, 8), ...field(7, graph), ...field(8, varint(2, 17))]);
