// A convenience: questions that do not apply are hidden while the form is filled. What counts is checked again where it arrives.
(() => {
  "use strict";
  const form = document.querySelector("form");
  if (!form) return;
  const questions = [...form.querySelectorAll("[data-field]")];

  const given = (question) => {
    const inputs = [...question.querySelectorAll("input, select, textarea")];
    if (question.dataset.kind === "yes-no") return [inputs.some((input) => input.checked) ? "yes" : "no"];
    return inputs
      .filter((input) => (input.type === "radio" || input.type === "checkbox" ? input.checked : true))
      .map((input) => input.value.trim())
      .filter((value) => value !== "");
  };

  const holds = ({ field, operator, values }, answers) => {
    const answer = answers.get(field) ?? [];
    const isOne = answer.some((one) => values.includes(one));
    const [left, right] = [parseFloat(answer[0]), parseFloat(values[0])];
    switch (operator) {
      case "is": return isOne;
      case "is-not": return !isOne;
      case "is-empty": return answer.length === 0;
      case "is-not-empty": return answer.length > 0;
      case "greater-than": return left > right;
      case "less-than": return left < right;
      default: return true;
    }
  };

  const show = () => {
    const answers = new Map();
    for (const question of questions) {
      const conditions = JSON.parse(question.dataset.showWhen ?? "[]");
      const isShown = conditions.every((condition) => holds(condition, answers));
      question.hidden = !isShown;
      for (const input of question.querySelectorAll("input, select, textarea")) {
        input.disabled = !isShown;
        if (conditions.length > 0 && "required" in question.dataset) {
          input.required = isShown;
        }
      }
      if (isShown) answers.set(question.dataset.field, given(question));
    }
  };

  for (const note of form.querySelectorAll(".only-if")) note.hidden = true;
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
  document.querySelector(".summary")?.focus();
})();
