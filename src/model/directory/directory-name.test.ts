import { expect, test } from 'vitest';
import { formatDirectoryName, parseDirectoryName } from './directory-name';

test('names of the hub and of picked directories are read and written back', () => {
  expect(parseDirectoryName('hub:owner/my.model-1')).toEqual({
    kind: 'hub',
    name: 'owner/my.model-1',
    revision: 'main',
    file: null,
    context: null,
    chat: 'auto',
  });
  expect(parseDirectoryName('hub:owner/name@refs/pr/4,file=onnx/model_q4.onnx,context=2048')).toEqual({
    kind: 'hub',
    name: 'owner/name',
    revision: 'refs/pr/4',
    file: 'onnx/model_q4.onnx',
    context: 2048,
    chat: 'auto',
  });
  expect(parseDirectoryName('picked:my model @home,context=64')).toMatchObject({
    name: 'my model @home',
    context: 64,
  });
  for (const text of [
    'hub:owner/name',
    'hub:owner/name@v1,file=model.onnx,context=8',
    'picked:a directory,file=onnx/model.onnx',
    'hub:owner/name,chat=none',
    'http://localhost/models/one/,context=64,chat=none',
  ]) {
    expect(formatDirectoryName(parseDirectoryName(text))).toBe(text);
  }
  expect(formatDirectoryName(parseDirectoryName('hub:owner/name@main'))).toBe('hub:owner/name');
});

test.each([
  ['hub:', 'OWNER/NAME'],
  ['hub:alone', 'OWNER/NAME'],
  ['hub:https://somewhere/else', 'OWNER/NAME'],
  ['hub:owner/name@', 'OWNER/NAME'],
  ['hub:owner/name,context=7', 'a whole number from 8 to 131072; given: "7"'],
  ['hub:owner/name,context=many', 'given: "many"'],
  ['hub:owner/name,file=model.gguf', 'an .onnx file, such as onnx/model_q4.onnx; given: "model.gguf"'],
  ['hub:owner/name,dtype=q4', 'OWNER/NAME'],
  ['hub:owner/name,chat=maybe', 'chat must be one of auto, none; given: "maybe"'],
  ['picked:', "the directory's name"],
])('%s is refused', (text, says) => {
  expect(() => parseDirectoryName(text)).toThrow(says);
});
