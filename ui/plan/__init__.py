"""Plans on the desk: a date planned anew, a technician who does not come; searched, compared, published as one."""
