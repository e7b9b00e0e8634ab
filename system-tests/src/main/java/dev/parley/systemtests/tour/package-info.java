/** A walk through the whole API on two session nodes, each answer held to openapi.yaml. */
@NullMarked
package dev.parley.systemtests.tour;

import org.jspecify.annotations.NullMarked;
