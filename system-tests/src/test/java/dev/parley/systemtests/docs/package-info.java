/** What the documentation says, held to what is there. */
package dev.parley.systemtests.docs;
