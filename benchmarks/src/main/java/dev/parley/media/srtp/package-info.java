/** Opens SRTP's transforms to benchmarks, which compare those that a server would not choose. */
@NullMarked
package dev.parley.media.srtp;

import org.jspecify.annotations.NullMarked;
