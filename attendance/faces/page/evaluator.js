"use strict";
function evaluate(network, values, budget) {
  return { hard: "this is a stand-in" };
}
