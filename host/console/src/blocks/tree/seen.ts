// The nodes of a tree that are seen, from top to bottom.
import type { TreeNode } from "../types";

export interface Seen {
  /** The places in their lists, such as `0.2`: ids may be anything. */
  path: string;
  parent: string;
  node: TreeNode;
  level: number;
  /** Among those beside it, from 1. */
  place: number;
  count: number;
  hasNodes: boolean;
}

export function seenOf(nodes: TreeNode[], isOpen: (node: TreeNode) => boolean, parent = "", level = 1): Seen[] {
  return nodes.flatMap((node, index) => {
    const path = parent ? `${parent}.${index}` : String(index);
    const hasNodes = (node.nodes?.length ?? 0) > 0;
    const here = { path, parent, node, level, place: index + 1, count: nodes.length, hasNodes };
    return hasNodes && isOpen(node) ? [here, ...seenOf(node.nodes ?? [], isOpen, path, level + 1)] : [here];
  });
}
