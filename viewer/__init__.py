"""What people see of a twin: pages in the browser, pictures for reports. One city, the same numbers everywhere."""
