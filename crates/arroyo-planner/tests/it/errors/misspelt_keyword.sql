SELECT customer FORM orders;
