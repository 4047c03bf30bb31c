import { expect, test } from 'vitest';
import { pickedFiles } from './files';

const file = (path: string) => ({ path, file: new Blob(['x']) });

test('files have their paths within the directory that was picked, and only those of a model are taken', () => {
  const { directory, files } = pickedFiles(
    ['config.json', 'onnx/model.onnx', 'onnx/model.onnx_data', '.gitattributes', 'images/logo/a.png'].map(
      (path) => file(`my, model/${path}`),
    ),
  );
  expect(directory).toBe('my  model');
  expect(files.map(({ path }) => path)).toEqual(['config.json', 'onnx/model.onnx', 'onnx/model.onnx_data']);
});

test('a directory without a file of a model is refused by its name', () => {
  expect(() => pickedFiles([file('photos/2024/a/b.jpg')])).toThrow(/^photos holds no file of a model/);
  expect(() => pickedFiles([])).toThrow(/^What was picked holds no file/);
});
