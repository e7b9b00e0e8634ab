/** jcstress tests of the hand-offs between threads of the media path. */
@NullMarked
package dev.parley.benchmarks.stress;

import org.jspecify.annotations.NullMarked;
