// 与同时工作的其他人有关的文本。
import type { live as english } from "../en/live";

export const live: typeof english = {
  live: {
    lost: "没有连接：显示的内容可能已过时。",
    listChanged: "列表已有变化",
    showList: "显示最新列表",
  },
  presence: {
    looks: (name) => `${name}也在查看`,
    lookToo: (names) => `${names}也在查看`,
    writes: (name) => `${name}正在输入…`,
    writeToo: (names) => `${names}正在输入…`,
  },
  news: {
    one: (author) => `${author}发来新消息`,
    several: (count, author) => `${count} 条新消息，最近一条来自${author}`,
    show: "新消息",
  },
  conflict: {
    told: (who, field, theirs, mine) => `${who}在此期间已将“${field}”改为“${theirs}”，而您想改为“${mine}”。`,
    keep: (theirs) => `保留“${theirs}”`,
    set: (mine) => `改为“${mine}”`,
  },
};
