/** Real browsers for system tests, driven through one Node process. */
@NullMarked
package dev.parley.systemtests.browser;

import org.jspecify.annotations.NullMarked;
