/** Runnable demonstrations: each proves a claim of Parley with figures and a verdict. */
@NullMarked
package dev.parley.systemtests.show;

import org.jspecify.annotations.NullMarked;
