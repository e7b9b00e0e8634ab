/** JMH benchmarks of single steps of the media path. */
@NullMarked
package dev.parley.benchmarks.media;

import org.jspecify.annotations.NullMarked;
