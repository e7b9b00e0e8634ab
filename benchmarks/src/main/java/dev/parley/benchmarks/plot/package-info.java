/** Charts as SVG, without a library: text, rectangles and lines. */
@NullMarked
package dev.parley.benchmarks.plot;

import org.jspecify.annotations.NullMarked;
