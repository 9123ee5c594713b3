// Problem documents in the reader's language. In Chinese a problem is told by its code; the service's own words follow.

import { currentLanguage } from "./language.js";

const problemsZh = {
    malformed_json: "内容不是有效的 JSON",
    malformed_request: "请求格式不正确",
    duplicate_key: "同一个字段出现了两次",
    too_deep: "嵌套太深",
    missing_field: "缺少必需的字段",
    unknown_field: "没有这个字段",
    unused_field: "这个字段在这里没有用处",
    wrong_type: "值的类型不对",
    unknown_op: "没有这种运算",
    unknown_region: "没有这种区域",
    unknown_value: "不是可选的值",
    out_of_range: "数值超出允许的范围",
    wrong_rank: "维数不对",
    wrong_length: "长度不对",
    ragged_array: "各行长度不同",
    shape_mismatch: "形状不一致",
    kernel_too_large: "窗口大于补齐后的输入",
    empty_window: "有的窗口里没有任何输入",
    index_out_of_range: "索引超出范围",
    not_representable: "这种元素类型装不下这个数",
    integer_overflow: "整数结果溢出",
    unsupported_combination: "这种运算与这种区域不能一起使用",
    too_large: "请求太大",
    timeout: "内容没有及时到达",
    rate_limited: "请求太频繁，请稍候再试",
    overloaded: "服务繁忙，请稍候再试",
    draining: "服务正在关闭",
    deadline_exceeded: "在期限内没有算完",
    internal: "服务内部出错",
};

/** One sentence for a person. */
export function problemText({ title, detail, code, pointer }) {
    if (currentLanguage() === "zh" && problemsZh[code]) {
        const field = pointer?.split("/")[1];
        return `${field ? `${field}：` : ""}${problemsZh[code]}。${detail ? `（${detail}）` : ""}`;
    }
    return detail ? `${title}: ${detail}` : title;
}
