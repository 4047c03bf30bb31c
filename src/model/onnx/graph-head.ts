import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type Node, NodeSchema } from './onnx_pb';

/** Field numbers of onnx.proto3. */
const [GRAPH, NODE, INITIALIZER] = [7, 1, 5] as const;

/**
 * The nodes of a graph, from the beginning of its file alone: writers put them before the weights, which are the gigabytes.
 * @param head the file's first bytes, at least as many as the nodes take
 * @returns null where the beginning does not tell: it ends within the nodes, weights come first, or it is no ONNX file
 */
export function headNodes(head: Uint8Array): readonly Node[] | null {
  try {
    const file = new BinaryReader(head);
    for (;;) {
      const [field, type] = file.tag();
      if (field === GRAPH && type === WireType.LengthDelimited) {
        file.uint32();
        return nodesFrom(file);
      }
      file.skip(type, field);
    }
  } catch {
    // The reader came to the end of what there is, or to what no writer writes.
    return null;
  }
}

function nodesFrom(reader: BinaryReader): readonly Node[] | null {
  const nodes: Node[] = [];
  for (;;) {
    const [field, type] = reader.tag();
    if (field === NODE) nodes.push(fromBinary(NodeSchema, reader.bytes()));
    else if (field === INITIALIZER) return nodes.length > 0 ? nodes : null;
    else reader.skip(type, field);
  }
}
