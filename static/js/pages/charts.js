// Pages with charts and nothing else of their own.
import "../core/charts.js";
