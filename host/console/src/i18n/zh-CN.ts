import type { Texts } from "./en";

export const zhCN: Texts = {
  product: "服务窗口",
  language: "语言",
  skip: "跳到正文",
  tickets: "工单",
  plugins: "插件",
  signOut: "退出登录",
  signIn: { title: "登录", email: "邮箱", password: "密码", submit: "登录" },
  list: { all: "全部", mine: "我的", search: "搜索主题", more: "显示更多", none: "这里没有工单。", number: "编号", subject: "主题", requester: "请求人", assignee: "处理人", group: "组", updated: "更新", priority: "优先级", state: "状态", keys: "j、k 移动，回车打开，/ 搜索" },
  create: { open: "新建工单", subject: "主题", text: "请描述问题", name: "请求人姓名", email: "请求人邮箱", submit: "创建", cancel: "取消" },
  states: { new: "新建", open: "处理中", pending: "等待", solved: "已解决", closed: "已关闭", suspended: "已搁置", deleted: "已删除" },
  ticket: {
    conversation: "对话", history: "历史", properties: "属性", public: "公开回复", internal: "内部备注", send: "发送", write: "撰写消息", hint: "Ctrl+Enter 发送",
    solve: "解决", reopen: "重新打开", wait: "等待", resume: "恢复", waitReason: "在等待什么？", nobody: "无", tags: "标签", addTag: "添加标签", removeTag: "移除标签", impact: "影响", urgency: "紧急程度", channel: "渠道", kind: "类型", created: "创建时间", attachment: "附件",
    stale: "其他人修改了此工单，已重新加载：请查看后再次操作。",
  },
  history: { why: "原因", rule: "规则", plugin: "插件", digest: "组件", cause: "响应事件", conditions: "依据", nothing: "空", events: { "ticket.created": "工单创建", "ticket.changed": "变更", "message.added": "消息" } },
  plugin: { permissions: "权限", runs: "最近运行", outcome: "结果", effects: "效果", time: "用时", event: "事件", point: "扩展点", noRuns: "启动后尚未运行。", dead: "放弃的投递", noDead: "无：所有事件均已处理。", enabled: "已启用", disabled: "已停用", enable: "启用", disable: "停用", position: "顺序" },
  fields: { state: "状态", subject: "主题", group: "组", assignee: "处理人", tags: "标签", priority: "优先级", impact: "影响", urgency: "紧急程度", requester: "请求人", kind: "类型", channel: "渠道", number: "编号", pending_reason: "等待原因", pending_until: "等待至", solved_at: "解决时间", reopen_count: "重开次数" },
  loading: "加载中…",
  failed: "操作未成功",
};
