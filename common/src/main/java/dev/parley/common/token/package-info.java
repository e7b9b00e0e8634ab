/** Who may enter which conference as what, and have media where: signed and short-lived. */
package dev.parley.common.token;
