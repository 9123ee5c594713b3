// The formula of every op and of its derivative, set as MathML. An op that is not here shows its summary alone.

import { element } from "./dom.js";
import { t } from "./language.js";

const formulas = formulaTable();

/** Of each op the value and the derivative of one window. */
function formulaTable() {
    const mi = (name) => `<mi>${name}</mi>`;
    const mn = (number) => `<mn>${number}</mn>`;
    const mo = (sign) => `<mo>${sign}</mo>`;
    const row = (...parts) => `<mrow>${parts.join("")}</mrow>`;
    const sub = (base, index) => `<msub>${base}${index}</msub>`;
    const sup = (base, power) => `<msup>${base}${power}</msup>`;
    const frac = (above, below) => `<mfrac>${above}${below}</mfrac>`;
    const under = (base, below) => `<munder>${base}${below}</munder>`;
    const paren = (...parts) => row(mo("("), ...parts, mo(")"));
    const named = (name) => `<mi mathvariant="normal">${name}</mi>`;

    const [n, p, r, i, j] = ["n", "p", "r", "i", "j"].map(mi);
    const [y, alpha, beta, epsilon] = ["y", "α", "β", "ε"].map(mi);
    const one = mn(1);
    const [plus, minus, equals, times] = ["+", "−", "=", "⁢"].map(mo);
    const x = sub(mi("x"), i);
    const xj = sub(mi("x"), j);
    const w = sub(mi("w"), i);
    const mean = `<mover>${mi("x")}${mo("¯")}</mover>`;
    const chosen = sub(mi("x"), sup(i, mo("∗")));
    const isChosen = row(mo("["), i, equals, sup(i, mo("∗")), mo("]"));
    const sumOver = (index) => under(mo("∑"), index);
    const size = (value) => row(mo("|"), value, mo("|"));
    const share = frac(one, n);
    const exponential = (factor, value) => sup(mi("e"), row(factor, times, value));
    const degrees = row(n, minus, mi("c"));
    const ordered = (k) => sub(mi("x"), paren(k));
    const choose = (name) => row(under(named(name), i), `<mspace width="0.2em"/>`, x);

    return {
        max: [choose("max"), isChosen],
        min: [choose("min"), isChosen],
        median: [ordered(row(mo("⌈"), n, mo("/"), mn(2), mo("⌉"))), isChosen],
        quantile: [
            row(paren(one, minus, mi("f")), times, ordered(mi("k")), plus, mi("f"), times, ordered(row(mi("k"), plus, one))),
            row(paren(one, minus, mi("f")), times, mo("["), i, equals, paren(mi("k")), mo("]"), plus, mi("f"), times, mo("["), i, equals,
                paren(mi("k"), plus, one), mo("]")),
        ],
        avg: [row(share, sumOver(i), x), share],
        sum: [row(sumOver(i), x), one],
        product: [row(under(mo("∏"), i), x), row(under(mo("∏"), row(j, mo("≠"), i)), xj)],
        lp: [
            sup(paren(sumOver(i), sup(size(x), p)), frac(one, p)),
            row(named("sgn"), paren(x), times, sup(paren(frac(size(x), y)), row(p, minus, one))),
        ],
        power_avg: [
            sup(paren(share, sumOver(i), named("max"), sup(paren(x, mo(","), epsilon), p)), frac(one, p)),
            row(share, sup(paren(frac(x, y)), row(p, minus, one)), mo(" "), mo("["), x, mo("&gt;"), epsilon, mo("]")),
        ],
        logsumexp: [
            row(frac(one, r), named("log"), paren(share, sumOver(i), exponential(r, x))),
            frac(exponential(r, x), row(sumOver(j), exponential(r, xj))),
        ],
        softmax: [
            row(sumOver(i), w, times, x, mo(",") , w, equals, frac(exponential(beta, x), row(sumOver(j), exponential(beta, xj)))),
            row(w, paren(one, plus, beta, paren(x, minus, y))),
        ],
        variance: [
            row(frac(one, degrees), sumOver(i), sup(paren(x, minus, mean), mn(2))),
            frac(row(mn(2), paren(x, minus, mean)), degrees),
        ],
        std: [
            `<msqrt>${row(frac(one, degrees), sumOver(i), sup(paren(x, minus, mean), mn(2)))}</msqrt>`,
            frac(row(x, minus, mean), row(paren(degrees), times, y)),
        ],
        mixed: [
            row(alpha, times, choose("max"), plus, paren(one, minus, alpha), share, sumOver(i), x),
            row(alpha, times, isChosen, plus, frac(row(one, minus, alpha), n)),
        ],
        stochastic: [
            row(chosen, mo(","), mi("P"), paren(sup(i, mo("∗")), equals, i), equals, frac(x, row(sumOver(j), xj))),
            isChosen,
        ],
        weighted: [row(sumOver(i), w, times, x), w],
        first: [sub(mi("x"), one), row(mo("["), i, equals, one, mo("]"))],
        last: [sub(mi("x"), n), row(mo("["), i, equals, n, mo("]"))],
        mean_sqrt_len: [row(frac(one, `<msqrt>${n}</msqrt>`), sumOver(i), x), frac(one, `<msqrt>${n}</msqrt>`)],
    };
}

/** `y = …` of an op, or nothing. */
export function valueFormula(op) {
    return formulas[op] && mathElement(`<mi>y</mi><mo>=</mo>${formulas[op][0]}`);
}

/** `∂y/∂x = …` of an op, or nothing. */
export function gradientFormula(op) {
    const left = "<mfrac><mrow><mo>∂</mo><mi>y</mi></mrow><mrow><mo>∂</mo><msub><mi>x</mi><mi>i</mi></msub></mrow></mfrac>";
    return formulas[op] && mathElement(`${left}<mo>=</mo>${formulas[op][1]}`);
}

function mathElement(content) {
    const holder = element("span", { class: "formula", role: "group", "aria-label": t("formula") });
    holder.innerHTML = `<math displaystyle="true"><mrow>${content}</mrow></math>`;
    sizes.observe(holder);
    return holder;
}

/** A formula wider than its place is scrolled, by the keys too; others are no tab stop. */
const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
        if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
        else target.removeAttribute("tabindex");
    }
});
